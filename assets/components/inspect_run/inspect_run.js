// The entry of the pages that look inside a network; what it does lies in assets/js.

const SCRIPTS = `${location.origin}/livetorch/js`;
const { InspectView } = await import(`${SCRIPTS}/inspect_view.js`);
const VIEWS = new WeakMap();

// What a page shows comes in a module of its own.
class Opening {
  constructor(root, view) {
    import(`${SCRIPTS}/inspect_${view}.js`).then(({ View }) => {
      if (this.closed) return;
      this.view = new InspectView(root, View);
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
  const root = parentElement.querySelector(".lt-inspect_run");
  let view = VIEWS.get(parentElement);
  if (!view) VIEWS.set(parentElement, (view = new Opening(root, data.inspect)));
  view.update(data, setTriggerValue);
  return () => {
    view.close();
    VIEWS.delete(parentElement);
  };
}
