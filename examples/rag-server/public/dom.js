/** Builds nodes of the page. */
export const dom = {
  text: (value) => document.createTextNode(value),
  element: (tag, children, attributes = {}) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  },
};
