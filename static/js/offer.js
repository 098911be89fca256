// Says that the page of an offer was opened: the offer and the day are counted, nothing of the reader.
const seen = document.querySelector("[data-seen]");
const refused = navigator.globalPrivacyControl || navigator.doNotTrack === "1";
if (seen && !refused && document.visibilityState === "visible") navigator.sendBeacon(seen.dataset.seen);
