/* Shows a question only where it applies: to the chosen pass, and after the answer that it follows. Without this script
   all questions stand in the form, each with a sentence that says for whom it is; the server asks no more than applies. */
(() => {
  const marked = [...document.querySelectorAll("[data-passes], [data-after]")];
  if (!marked.length) return;
  const form = marked[0].form;
  const questions = new Map(marked.map((input) => [input.closest(".field"), input.dataset]));

  const answers = (name) =>
    [...form.querySelectorAll(`[name="${name}"]`)]
      .filter((input) => !input.closest(".field").hidden && (!/^(radio|checkbox)$/.test(input.type) || input.checked))
      .map((input) => input.value)
      .filter((value) => value !== "");

  const follows = ({ after, on }) => !after || (on ? answers(after).some((answer) => on.split(" ").includes(answer)) : answers(after).length > 0);
  const isFor = ({ passes }) => !passes || answers("pass_type").some((pass) => passes.split(" ").includes(pass));

  // In the order of the form, in which a question stands after the one that it follows.
  const show = () => questions.forEach((data, field) => { field.hidden = !(isFor(data) && follows(data)); });

  form.addEventListener("input", show);
  window.addEventListener("pageshow", show);  // what a browser fills in again when somebody goes back
  show();
})();
