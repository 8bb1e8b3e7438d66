type Names = ReadonlySet<string>;

const names = (list: string): Names => new Set(list.split(" "));

/** Elements that a reader never reads: code, embedded content and controls. */
export const inertElements: Names = names(
  "script style noscript template iframe frame frameset object embed applet canvas audio video svg " +
    "select datalist textarea",
);

/** Elements for navigation, which are not the page's content. */
export const navigationElements: Names = names("nav footer");

/**
 * Elements that are content, such as a note, within `main`, `article` or `section`, and the site's frame
 * elsewhere.
 */
export const frameElements: Names = names("header aside");

/** ARIA roles of navigation, of the site's frame and of widgets. */
export const navigationRoles: Names = names(
  "navigation banner contentinfo search doc-toc menu menubar toolbar dialog alertdialog",
);

/** Classes that DocBook and Sphinx give to navigation instead of using the elements. */
export const navigationClasses: Names = names("navheader navfooter sphinxsidebar");

/** Classes of the links that documentation generators add to each heading. */
export const headingLinkClasses: Names = names("headerlink header-anchor hash-link anchor-link heading-link");

/** Elements that a blank line sets apart. */
export const paragraphElements: Names = names(
  "p blockquote ul ol dl section article main header footer aside figure fieldset form hr details address",
);

/** Elements that begin on a new line. */
export const lineElements: Names = names(
  "div li dt dd figcaption caption legend summary center body optgroup menu dir tbody thead tfoot",
);

/** The parts of a table that contain rows. */
export const tableParts: Names = names("thead tbody tfoot");

/** The heading elements. Their digit is the level. */
export const headingElements: Names = names("h1 h2 h3 h4 h5 h6");

/** Elements that cannot be part of a heading. If such an element opens, the heading was not closed. */
export const endsHeading: Names = names("p ul ol dl table pre blockquote section article main figure form");

/** Elements that cannot be part of a button. If such an element opens, the button is more than a control. */
export const endsButton: Names = new Set([...endsHeading, ...headingElements]);
