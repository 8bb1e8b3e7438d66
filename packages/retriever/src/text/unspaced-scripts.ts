const hanAndKana = "\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}";

/** Scripts without spaces between words, as a regular expression's class content. */
export const unspacedScripts: string = `${hanAndKana}\\p{scx=Thai}`;

/** Scripts that lexical encoders cut to pairs of neighbouring characters, as Qdrant's tokenizer does. */
export const pairedScripts: string = `${hanAndKana}\\p{scx=Hangul}`;
