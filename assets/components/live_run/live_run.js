// The entry of the live view; what it does lies in assets/js, which the server gives out as modules.
//
// Streamlit calls the default export again at every rerun, so what lasts is kept per parent element.

const SCRIPTS = `${location.origin}/livetorch/js`;
const { LiveView } = await import(`${SCRIPTS}/live_view.js`);
const VIEWS = new WeakMap();

// What a page's networks can be seen by comes in a module of its own, with the first page that needs it.
class Opening {
  constructor(root, page) {
    import(`${SCRIPTS}/family_${page}.js`).then((family) => {
      if (this.closed) return;
      this.view = new LiveView(root, family);
      this.view.update(...this.latest);
    });
  }

  update(...latest) {
    this.latest = latest;
    this.view?.update(...latest);
  }

  close() {
    this.closed = true;
    this.view?.close();
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".lt-live_run");
  let view = VIEWS.get(parentElement);
  if (!view) VIEWS.set(parentElement, (view = new Opening(root, data.page)));
  view.update(data, setTriggerValue);
  return () => {
    view.close();
    VIEWS.delete(parentElement);
  };
}
