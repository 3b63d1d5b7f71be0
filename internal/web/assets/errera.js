// Follows the system's theme where the reader chose none, and opens the side bar in browsers without ::details-content.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { if (!root.dataset.theme) root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  follow();
  dark.addEventListener("change", follow);
  if (!CSS.supports("selector(::details-content)")) {
    document.addEventListener("DOMContentLoaded", () => {
      if (innerWidth >= 992) document.querySelector(".er-side details")?.setAttribute("open", "");
    });
  }
  // A form with data-autosave is sent a moment after somebody typed, again when that failed, and says beside #saved how it stands.
  const autosave = (form) => {
    const said = document.getElementById("saved");
    let timer, changed = false, busy = false; // one answer at a time: each names the revision that the next one starts from
    const later = (ms) => { clearTimeout(timer); timer = setTimeout(save, ms); };
    const save = async () => {
      if (busy) return later(300);
      busy = true;
      changed = false;
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        if (!answer.ok) throw new Error(answer.status);
        const told = await answer.json();
        form.elements.revision.value = told.revision;
        said.textContent = told.words;
        if (told.link) { const a = document.createElement("a"); a.href = told.link; a.textContent = told.say; said.append(" ", a); }
        said.dataset.revision = told.revision;
      } catch { changed = true; said.textContent = form.dataset.failed; later(5000); }
      busy = false;
    };
    form.addEventListener("input", () => { changed = true; later(1000); });
    form.addEventListener("submit", () => { clearTimeout(timer); changed = false; });
    addEventListener("beforeunload", (e) => { if (changed) e.preventDefault(); });
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-autosave]").forEach(autosave));
  document.addEventListener("keydown", (e) => { // verification by keyboard: A, D, P, J, K
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, select, textarea")) return;
    document.querySelector(`[data-key="${CSS.escape(e.key.toLowerCase())}"]`)?.click();
  });
  document.addEventListener("submit", (e) => { // pressed twice is sent once
    if (e.defaultPrevented || e.target.method !== "post") return;
    if (e.target.dataset.sent) return e.preventDefault();
    e.target.dataset.sent = "1";
    setTimeout(() => delete e.target.dataset.sent, 4000);
  });
  for (const on of ["focusin", "click"]) document.addEventListener(on, (e) => { if (e.target.matches?.("[data-whole]")) e.target.select(); }); // to be copied whole
  document.addEventListener("click", (e) => { if (e.target.closest("[data-print]")) { e.preventDefault(); print(); } });
})();
