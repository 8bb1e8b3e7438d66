/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  name: "Binnacle",
  entryPointStrategy: "packages",
  entryPoints: ["packages/*"],
  out: "docs/api",
  readme: "README.md",
  projectDocuments: ["docs/architecture.md", "docs/guides/*.md"],
  treatWarningsAsErrors: true,
  excludeInternal: true,
  packageOptions: {
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    requiredToBeDocumented: ["Class", "Interface", "Function", "TypeAlias", "Variable", "Method", "Accessor"],
    jsDocCompatibility: { exampleTag: false },
  },
};
