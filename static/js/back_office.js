/* Starts Wagtail's widgets from data where Wagtail itself writes inline scripts, which the Content-Security-Policy
   forbids, and lets Wagtail's own scripts make the style elements that the rich text editor needs. */
(() => {
  const { nonce } = document.currentScript;
  const createElement = Document.prototype.createElement;
  Document.prototype.createElement = function (...names) {
    const element = createElement.apply(this, names);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };

  const startable = /^(InlinePanel|MultipleChooserPanel|createTaskChooser|[A-Z][A-Za-z]*Chooser|Chooser)$/;

  class Starter extends window.StimulusModule.Controller {
    static values = { name: String, arguments: Array };

    connect() {
      const { nameValue: name, argumentsValue: given } = this;
      this.element.remove(); // a panel that is moved is not started again
      if (!startable.test(name)) throw new Error(`${name} is not among what may be started`);
      Reflect.construct(window[name], given);
    }
  }
  window.wagtail.app.register("starter", Starter);
})();
