// The one word that a page says to its service worker.

export const USE = "huxin-use-this-edition";
