import { extname } from "node:path/posix";

const byMediaType: Readonly<Record<string, string>> = {
  "text/markdown": ".md .markdown .mdown .mkd .mdx",
  "text/html": ".html .htm",
  "application/xhtml+xml": ".xhtml .xht",
  "text/plain":
    ".txt .text .log .rst .adoc .asciidoc .org .tex .nfo .conf .cfg .ini .properties .diff .patch",
  "text/csv": ".csv",
  "text/tab-separated-values": ".tsv",
  "text/css": ".css .scss .sass .less",
  "text/javascript": ".js .mjs .cjs .jsx",
  "text/x-typescript": ".ts .mts .cts .tsx",
  "text/x-python": ".py .pyi",
  "text/x-java": ".java",
  "text/x-kotlin": ".kt .kts",
  "text/x-scala": ".scala",
  "text/x-c": ".c .h",
  "text/x-c++": ".cc .cpp .cxx .hh .hpp .hxx",
  "text/x-csharp": ".cs",
  "text/x-go": ".go",
  "text/x-rust": ".rs",
  "text/x-ruby": ".rb",
  "text/x-php": ".php",
  "text/x-swift": ".swift",
  "text/x-lua": ".lua",
  "text/x-perl": ".pl .pm",
  "text/x-r": ".r",
  "text/x-elixir": ".ex .exs",
  "text/x-haskell": ".hs",
  "text/x-shellscript": ".sh .bash .zsh Makefile",
  "text/x-powershell": ".ps1",
  "text/x-dockerfile": ".dockerfile Dockerfile Containerfile",
  "text/x-sql": ".sql",
  "text/x-vue": ".vue",
  "text/x-svelte": ".svelte",
  "text/x-protobuf": ".proto",
  "text/x-hcl": ".tf .hcl",
  "application/graphql": ".graphql .gql",
  "application/json": ".json .jsonc .json5 .jsonl .ndjson",
  "application/yaml": ".yaml .yml",
  "application/toml": ".toml",
  "application/xml": ".xml .xsd .xsl .xslt .rss .atom",
};

/** Extensions of binary formats. Such files are never opened. */
const binaryExtensions =
  ".png .jpg .jpeg .gif .webp .avif .bmp .ico .tif .tiff .heic .svg .psd .mp3 .mp4 .m4a .wav .ogg .flac .webm .mov .avi .mkv " +
  ".pdf .doc .docx .xls .xlsx .ppt .pptx .odt .ods .odp .epub .zip .gz .tgz .bz2 .xz .zst .7z .rar .tar .jar .war .whl .deb .rpm " +
  ".exe .dll .so .dylib .a .o .obj .class .pyc .wasm .bin .dat .iso .img .dmg .woff .woff2 .ttf .otf .eot " +
  ".sqlite .sqlite3 .db .parquet .arrow .npy .npz .onnx .gguf .safetensors .pt .pth .map";

/**
 * Returns a file's media type by its name, `binary` for a binary format, or undefined for an unknown name.
 */
export type MediaTypeOf = (name: string) => string | undefined;

/**
 * Creates the function from the built-in media types and a table that overrides them. Its keys are extensions
 * with a dot, or whole names.
 */
export function createMediaTypes(given: Readonly<Record<string, string>>): MediaTypeOf {
  const known = new Map<string, string>();
  for (const extension of binaryExtensions.split(" ")) known.set(extension, "binary");
  for (const [mediaType, names] of Object.entries(byMediaType)) {
    for (const name of names.split(" ")) known.set(name.toLowerCase(), mediaType);
  }
  for (const [name, mediaType] of Object.entries(given)) known.set(name.toLowerCase(), mediaType);
  return (name) => known.get(name.toLowerCase()) ?? known.get(extname(name).toLowerCase());
}
