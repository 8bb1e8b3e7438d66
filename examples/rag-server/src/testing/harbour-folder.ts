import { fileURLToPath } from "node:url";

/**
 * A folder with a file of each format that the packages read, and a PDF that needs a password. The PDF files
 * were made with reportlab and pypdf, and the Word document with python-docx.
 */
export const harbourFolder: string = fileURLToPath(new URL("harbour", import.meta.url));
