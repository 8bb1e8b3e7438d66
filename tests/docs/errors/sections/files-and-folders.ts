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
      "The file is not UTF-8, and no guess of its encoding is sure.",
      "A short file in an older encoding, such as Latin-1, or broken UTF-8.",
      "Save the file as UTF-8.",
    ),
    guessed_encoding: errorText(
      "The file is not UTF-8. It was read in the encoding that its bytes suggest.",
      "A file in an older encoding, such as Latin-1 or Shift_JIS.",
      "Save the file as UTF-8 to be sure.",
    ),
    damaged_file: errorText(
      "The file cannot be read as its format, such as PDF or DOCX.",
      "A download that was cut off, or a wrong file extension.",
      "Replace or exclude the file.",
    ),
    encrypted_file: errorText(
      "The file needs a password.",
      "A protected PDF or Word document.",
      "Save a copy without a password, or exclude the file.",
    ),
    no_text: errorText(
      "Pages of a PDF have no text. The other pages are indexed.",
      "Scanned pages.",
      "Run text recognition (OCR) on the file.",
    ),
    output_cut: errorText(
      "An output of a notebook is longer than 8,000 characters. Its beginning is indexed.",
      "A cell that prints a log or a whole table.",
      "Clear the output, if its end should be found.",
    ),
    parser_failed: errorText(
      "A parser failed with an unknown error. The other files are indexed.",
      "A file that the parser cannot read, or an error in the parser.",
      "Read the cause. Repair or exclude the file, or correct the parser.",
    ),
    file_too_large: errorText(
      "The file is larger than `maxFileBytes`, or unpacks to more than 128 MiB.",
      "A log or an export in the folder, or an archive that was made to fill the memory.",
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
