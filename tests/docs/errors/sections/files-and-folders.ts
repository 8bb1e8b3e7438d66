import { errorText, type ErrorSection } from "../error-section.ts";

export const filesAndFolders: ErrorSection = {
  title: "Files and folders",
  codes: {
    binary_file: errorText(
      "The file's name says text, but its content is not text.",
      "A wrong file extension.",
      "Rename or exclude the file.",
    ),
    invalid_encoding: errorText(
      "The file is not valid UTF-8.",
      "A file in an older encoding, such as Latin-1.",
      "Save the file as UTF-8.",
    ),
    file_too_large: errorText(
      "The file is larger than `maxFileBytes`.",
      "A log or an export in the folder.",
      "Raise `maxFileBytes`, or exclude the file.",
    ),
    too_deep: errorText(
      "An HTML file nests more than 1,000 elements.",
      "Broken or generated HTML.",
      "Repair or exclude the file.",
    ),
    invalid_front_matter: errorText(
      "The front matter cannot be read. The file is indexed without it.",
      "A mistake in the YAML.",
      "Correct the line that the message names.",
    ),
    unreadable_file: errorText(
      "The file system refuses to read the file. Its points are kept.",
      "Missing permissions, or a broken link.",
      "Allow reading, or exclude the file.",
    ),
    unreadable_folder: errorText(
      "A folder cannot be listed, so nothing was removed.",
      "Missing permissions, or a drive that is not mounted.",
      "Allow listing, or mount the drive, and run again.",
    ),
    changed_while_reading: errorText(
      "The file was written while it was read.",
      "An editor or a download at the same moment.",
      "Run again. `follow` does so by itself.",
    ),
    watch_failed: errorText(
      "Changes are not reported any more, so the folder is listed every 10 seconds.",
      "The system's limit of watches is reached.",
      "Raise `fs.inotify.max_user_watches`, or set `pollIntervalMs`.",
    ),
  },
};
