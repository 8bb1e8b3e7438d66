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

/** Formats that are no plain text. A file of such a format is read only by a parser of its media type. */
const parsedTypes: Readonly<Record<string, string>> = {
  "application/pdf": ".pdf",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
  "application/msword": ".doc",
  "application/vnd.ms-excel": ".xls",
  "application/vnd.ms-powerpoint": ".ppt",
  "application/vnd.ms-outlook": ".msg",
  "application/vnd.oasis.opendocument.text": ".odt",
  "application/vnd.oasis.opendocument.spreadsheet": ".ods",
  "application/vnd.oasis.opendocument.presentation": ".odp",
  "application/rtf": ".rtf",
  "application/epub+zip": ".epub",
  "application/x-ipynb+json": ".ipynb",
  "application/zip": ".zip",
  "application/vnd.apache.parquet": ".parquet",
  "message/rfc822": ".eml",
  "application/mbox": ".mbox",
  "multipart/related": ".mht .mhtml",
  "image/png": ".png",
  "image/jpeg": ".jpg .jpeg",
  "image/gif": ".gif",
  "image/webp": ".webp",
  "image/tiff": ".tif .tiff",
  "image/svg+xml": ".svg",
  "audio/mpeg": ".mp3",
  "audio/wav": ".wav",
  "video/mp4": ".mp4",
  "application/octet-stream":
    ".avif .bmp .ico .heic .psd .m4a .ogg .flac .webm .mov .avi .mkv .gz .tgz .bz2 .xz .zst .7z .rar .tar .jar " +
    ".war .whl .deb .rpm .exe .dll .so .dylib .a .o .obj .class .pyc .wasm .bin .dat .iso .img .dmg .woff .woff2 " +
    ".ttf .otf .eot .sqlite .sqlite3 .db .arrow .npy .npz .onnx .gguf .safetensors .pt .pth .map",
};

/**
 * Returns a file's media type by its name, `unsupported` if its format needs a parser that is missing, or
 * undefined for an unknown name.
 */
export type MediaTypeOf = (name: string) => string | undefined;

/**
 * Creates the function from the built-in media types and a table that overrides them. Its keys are extensions
 * with a dot, or whole names. `hasParser` tells whether a media type has a parser.
 */
export function createMediaTypes(
  given: Readonly<Record<string, string>>,
  hasParser: (mediaType: string) => boolean,
): MediaTypeOf {
  const known = new Map<string, string>();
  const add = (types: Readonly<Record<string, string>>): void => {
    for (const [mediaType, names] of Object.entries(types)) {
      for (const name of names.split(" ")) known.set(name.toLowerCase(), mediaType);
    }
  };
  add(parsedTypes);
  add(byMediaType);
  for (const [name, mediaType] of Object.entries(given)) known.set(name.toLowerCase(), mediaType);
  return (name) => {
    const mediaType = known.get(name.toLowerCase()) ?? known.get(extname(name).toLowerCase());
    const isUnsupported = mediaType !== undefined && mediaType in parsedTypes && !hasParser(mediaType);
    return isUnsupported ? "unsupported" : mediaType;
  };
}
