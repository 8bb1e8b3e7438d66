/** The text that replaces a hidden value. */
export const hidden = "(hidden)";
