// What the build puts into a service worker: its folder's files with the start of their SHA-256, and one name for all of them.
declare const __FILES__: Record<string, string>;
declare const __EDITION__: string;
