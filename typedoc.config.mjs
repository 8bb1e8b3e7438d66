/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  name: "Binnacle",
  entryPointStrategy: "packages",
  entryPoints: ["packages/*"],
  out: "docs/api",
  readme: "README.md",
  projectDocuments: [
    "docs/architecture.md",
    "docs/guides/*.md",
    "docs/requirements.md",
    "docs/decisions/*.md",
  ],
  headings: { readme: false, document: false }, // each page has its own
  treatWarningsAsErrors: true,
  excludeInternal: true,
  packageOptions: {
    disableSources: true, // a clone need not have a remote that source links could lead to
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    requiredToBeDocumented: ["Class", "Interface", "Function", "TypeAlias", "Variable", "Method", "Accessor"],
    jsDocCompatibility: { exampleTag: false },
  },
};
