/** Most places of one content that `ManifestSession.find` shows, as its promise says. */
export const maxPlaces = 8;
