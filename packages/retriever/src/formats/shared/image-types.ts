/** The media types of the images that are parsed and embedded. */
export const imageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;
