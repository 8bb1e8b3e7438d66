/** A part of the repository and the imports that its files may have. */
export interface Room {
  /** Matches the files of the room, relative to the repository. */
  readonly files: RegExp;
  /** Matches the files and packages that the room may import. */
  readonly mayImport: RegExp;
}

// The first matching room counts. A new dependency is added here on purpose, in the one place that uses it.
export const rooms: readonly Room[] = [
  {
    files: /^packages\/core\/src\/(spec|errors)\//,
    mayImport: /^packages\/core\/src\/(spec|errors)\//,
  },
  {
    files: /^packages\/core\/src\/index\.ts$/,
    mayImport: /^packages\/core\/src\/(spec|errors)\//,
  },
  { files: /^packages\/core\/src\/zod\.ts$/, mayImport: /^zod$/ },
  {
    files: /^packages\/core\/src\/kit\//,
    mayImport: /^packages\/core\/src\/(spec|errors|kit)\/|^(zod|undici|node:.*)$/,
  },
  {
    files: /^packages\/core\/src\/stores\//,
    mayImport: /^packages\/core\/src\/(spec|errors|kit|stores)\/|^zod$/,
  },
  {
    files: /^packages\/core\/src\/telemetry\//,
    mayImport: /^packages\/core\/src\/(spec|errors|kit|telemetry)\//,
  },
  {
    files: /^packages\/core\/src\/adapters\//,
    mayImport: /^packages\/core\/src\/(spec|errors|kit|adapters)\/|^(zod|@opentelemetry\/api|prom-client)$/,
  },
  {
    files: /^packages\/core\/src\/testing\//,
    mayImport: /^packages\/core\/src\/(spec|errors|kit|testing)\/|^node:/,
  },
  {
    files: /^packages\/inference\/src\/backends\/openai\//,
    mayImport: /^packages\/inference\/src\/|^@binnacle\/core(\/kit)?$|^(zod|openai|node:.*)$/,
  },
  {
    files: /^packages\/inference\/src\/backends\/triton\//,
    mayImport: /^packages\/inference\/src\/|^@binnacle\/core(\/kit)?$|^(zod|@grpc\/grpc-js|node:.*)$/,
  },
  {
    files: /^packages\/inference\/src\/interop\/ai-sdk\//,
    mayImport: /^packages\/inference\/src\/|^@binnacle\/core(\/kit)?$|^(zod|@ai-sdk\/provider)$/,
  },
  {
    files: /^packages\/inference\/src\/interop\/langchain\//,
    mayImport: /^packages\/inference\/src\/|^@binnacle\/core(\/kit)?$|^zod$|^@langchain\/core\//,
  },
  {
    files: /^packages\/inference\/src\//,
    mayImport: /^packages\/inference\/src\/|^@binnacle\/core(\/kit)?$|^(zod|node:.*)$/,
  },
  {
    files: /^packages\/k8s-sync\/src\/kubeconfig\//,
    mayImport:
      /^packages\/k8s-sync\/src\/(kubeconfig|cluster)\/|^@binnacle\/core(\/kit)?$|^(zod|@kubernetes\/client-node|node:.*)$/,
  },
  {
    files: /^packages\/k8s-sync\/src\//,
    mayImport: /^packages\/k8s-sync\/src\/|^@binnacle\/core(\/kit)?$|^(zod|node:.*)$/,
  },
  {
    files: /^packages\/retriever\/src\/sources\/(folder|parsing)\//,
    mayImport:
      /^packages\/retriever\/src\/|^@binnacle\/core(\/kit)?$|^(zod|chardet|htmlparser2|ignore|picomatch|yaml|node:.*)$/,
  },
  {
    files: /^packages\/retriever\/src\/formats\/pdf\//,
    mayImport: /^packages\/retriever\/src\/|^@binnacle\/core(\/kit)?$|^(unpdf|node:.*)$/,
  },
  {
    files: /^packages\/retriever\/src\/formats\/docx\//,
    mayImport: /^packages\/retriever\/src\/|^@binnacle\/core(\/kit)?$|^(mammoth|node:.*)$/,
  },
  {
    files: /^packages\/retriever\/src\/formats\/eml\//,
    mayImport: /^packages\/retriever\/src\/|^@binnacle\/core(\/kit)?$|^(postal-mime|node:.*)$/,
  },
  {
    files: /^packages\/retriever\/src\/chunking\/tokenizer\//,
    mayImport:
      /^packages\/retriever\/src\/chunking\/|^@binnacle\/core(\/kit)?$|^(zod|js-tiktoken\/.*|@huggingface\/tokenizers|node:.*)$/,
  },
  {
    files: /^packages\/retriever\/src\/sparse\//,
    mayImport:
      /^packages\/retriever\/src\/(sparse|text)\/|^@binnacle\/core(\/(kit|stores))?$|^(zod|snowball-stemmers|node:.*)$/,
  },
  {
    files: /^packages\/retriever\/src\/text\//,
    mayImport: /^packages\/retriever\/src\/text\/|^@binnacle\/core\/(kit|stores)$/,
  },
  {
    files: /^packages\/retriever\/src\/retrieval\//,
    mayImport:
      /^packages\/retriever\/src\/(?!answering\/)|^@binnacle\/core(\/(kit|stores))?$|^(zod|node:.*)$/,
  },
  {
    files: /^packages\/retriever\/src\/redis\//,
    mayImport:
      /^packages\/retriever\/src\/(redis|conversations)\/|^@binnacle\/core(\/kit)?$|^(zod|ioredis|node:.*)$/,
  },
  {
    files: /^packages\/retriever\/src\/indexing\//,
    mayImport:
      /^packages\/retriever\/src\/|^@binnacle\/core(\/(kit|stores|telemetry))?$|^(zod|@standard-schema\/spec|node:.*)$/,
  },
  {
    files: /^packages\/retriever\/src\/interop\/langchain\//,
    mayImport: /^packages\/retriever\/src\/|^@binnacle\/core(\/kit)?$|^zod$|^@langchain\/core\//,
  },
  {
    files: /^packages\/retriever\/src\//,
    mayImport: /^packages\/retriever\/src\/|^@binnacle\/core(\/(kit|stores|telemetry))?$|^(zod|node:.*)$/,
  },
];
