/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  name: "Binnacle",
  entryPointStrategy: "packages",
  entryPoints: ["packages/core", "packages/retriever", "packages/inference", "packages/k8s-sync"],
  plugin: ["./tests/docs/site/source-pages.ts"],
  out: "docs/api",
  readme: "README.md",
  projectDocuments: [
    "docs/guides/*.md",
    "docs/errors.md",
    "docs/glossary.md",
    "docs/architecture.md",
    "docs/evaluation.md",
    "docs/requirements.md",
    "docs/decisions/*.md",
  ],
  headings: { readme: false, document: false }, // each page has its own
  treatWarningsAsErrors: true,
  excludeInternal: true,
  searchInComments: true,
  searchInDocuments: true,
  packageOptions: {
    // A clone need not have a remote, so the plugin gives the site its own page of each source file.
    disableGit: true,
    basePath: import.meta.dirname,
    sourceLinkTemplate: "sources:",
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    requiredToBeDocumented: ["Class", "Interface", "Function", "TypeAlias", "Variable", "Method", "Accessor"],
    jsDocCompatibility: { exampleTag: false },
    // Comments that our adapters inherit from LangChain link to its own types.
    externalSymbolLinkMappings: { "@langchain/core": { "*": "#" } },
  },
};
