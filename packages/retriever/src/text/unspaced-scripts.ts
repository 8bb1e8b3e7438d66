const hanAndKana = "\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}";

/** Scripts without spaces between words, for a character class of a regular expression. */
export const unspacedScripts: string = `${hanAndKana}\\p{scx=Thai}`;

/** Scripts that lexical encoders cut into pairs of neighbouring characters, as Qdrant's tokenizer does. */
export const pairedScripts: string = `${hanAndKana}\\p{scx=Hangul}`;

/** Scripts without spaces and with words of several characters, which lexical encoders cut into triples. */
export const tripledScripts = "\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}";
