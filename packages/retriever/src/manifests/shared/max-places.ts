/** Maximum number of places of one content that `ManifestSession.find` returns, as its contract says. */
export const maxPlaces = 8;
