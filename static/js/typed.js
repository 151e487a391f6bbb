/* What is typed stays when the reader changes the language of the page: in this tab, until the page is there in the other
   language. Files and hidden fields are the page's own affair. Without this script the form comes back empty. */
(() => {
  const KEY = "typed";
  const form = document.querySelector("main form[method=post]");
  const links = document.querySelectorAll(".languages a");
  if (!form || !links.length) return;

  const isTicked = (field) => /^(radio|checkbox)$/.test(field.type);
  const values = (field) => (field.options ? [...field.selectedOptions].map((option) => option.value) : [field.value]);
  const fields = () => [...form.elements].filter((field) => field.name && !/^(hidden|file|password|submit|button|reset)$/.test(field.type));

  const keep = (to) => {
    const typed = fields().filter((field) => !isTicked(field) || field.checked).map((field) => [field.name, values(field)]);
    sessionStorage.setItem(KEY, JSON.stringify({ to, typed }));
  };
  const restore = (typed) => {
    const found = new Map();
    typed.forEach(([name, some]) => found.set(name, [...(found.get(name) || []), ...some]));
    fields().forEach((field) => {
      const kept = found.get(field.name) || [];
      if (isTicked(field)) field.checked = kept.includes(field.value);
      else if (field.options) [...field.options].forEach((option) => { option.selected = kept.includes(option.value); });
      else if (kept.length) field.value = kept.shift();
    });
  };

  links.forEach((link) => link.addEventListener("click", () => keep(new URL(link.href).pathname)));
  const kept = JSON.parse(sessionStorage.getItem(KEY));
  sessionStorage.removeItem(KEY);
  if (kept && kept.to === location.pathname) restore(kept.typed);
})();
