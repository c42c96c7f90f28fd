// The offline verifier's page: puts its parts together.  Scan, judge, show, next person; everything happens on this device.

import { lendEdwards } from "../kernel/edwards.js";
import { lookForNewEdition, onNewEdition, register, useNewEdition } from "../shell/client.js";
import { lookBeside } from "./beside.js";
import { Desk } from "./desk.js";
import { fetched, fetchedBytes } from "./fetched.js";
import { Kept } from "./kept.js";
import { TrustList } from "./list.js";
import { Library, bestLanguage, PAGE_LANGUAGES } from "./words.js";

/** Begin: what was kept and what lies beside the page. */
async function begin() {
  let refusedToKeep = false;
  const kept = new Kept(() => {
    refusedToKeep = true;
    desk?.storageTroubled();
  });
  /** @type {Desk | null} */
  let desk = null;
  const look = () => lookBeside(fetched);
  const beside = await look();
  const { root, region } = beside.setup;
  const list = new TrustList({ kept, pinned: root, region, fetch: fetchedBytes });
  await list.begin();
  const library = new Library(fetched);
  const language = bestLanguage(navigator.languages, PAGE_LANGUAGES);
  desk = new Desk({ beside, look, list, kept, library, language, shell: { lookForNewEdition, useNewEdition } });
  await desk.open();
  if (refusedToKeep) desk.storageTroubled();
  onNewEdition(() => desk?.newEdition());
  // A page that is not kept works as long as it is open.
  await register().catch(() => null);
}

lendEdwards(() => import(new URL("edwards_library.js", document.baseURI).href));
begin().catch((error) => {
  // Without its own files the page can say only that, in both languages that it has.
  const said = document.querySelector("[data-warning]");
  if (said instanceof HTMLElement) {
    said.textContent = "这一页没有装全，请重新打开或换一份。 This page did not load as a whole; open it again, or take another copy.";
    said.hidden = false;
  }
  document.documentElement.dataset.screen = "fault";
  console.error(error?.name ?? "fault");
});
