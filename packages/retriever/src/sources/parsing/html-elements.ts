type Names = ReadonlySet<string>;

const names = (list: string): Names => new Set(list.split(" "));

/** Never read by a person: code, embedded things, controls. */
export const inertElements: Names = names(
  "script style noscript template iframe frame frameset object embed applet canvas audio video svg " +
    "select datalist textarea",
);

/** The way about a site rather than what a page says. */
export const navigationElements: Names = names("nav footer");

/** Part of what a page says within `main`, `article` or `section`, such as a note; the site's frame elsewhere. */
export const frameElements: Names = names("header aside");

export const navigationRoles: Names = names(
  "navigation banner contentinfo search doc-toc menu menubar toolbar dialog alertdialog",
);

/** What DocBook and Sphinx call the way about a site; they do not use the element for it. */
export const navigationClasses: Names = names("navheader navfooter sphinxsidebar");

/** Links that a generator of documentation hangs on each heading. */
export const headingLinkClasses: Names = names("headerlink header-anchor hash-link anchor-link heading-link");

/** Set apart by a blank line. */
export const paragraphElements: Names = names(
  "p blockquote ul ol dl section article main header footer aside figure fieldset form hr details address",
);

/** Begin on a line of their own. */
export const lineElements: Names = names(
  "div li dt dd figcaption caption legend summary center body optgroup menu dir tbody thead tfoot",
);

export const tableParts: Names = names("thead tbody tfoot");

export const headingElements: Names = names("h1 h2 h3 h4 h5 h6");

/** Cannot be part of a heading: where one opens, the heading had not been closed. */
export const endsHeading: Names = names("p ul ol dl table pre blockquote section article main figure form");

/** Cannot be part of a button: where one opens, the button is more than a control. */
export const endsButton: Names = new Set([...endsHeading, ...headingElements]);
