// What a component shows comes in a module of its own, loaded with the first page that needs it.
//
// Streamlit calls a component's default export again at every rerun, so what lasts is kept per parent element.

const VIEWS = new WeakMap();

class Opening {
  constructor(making) {
    making.then((view) => {
      if (this.closed) return;
      this.view = view;
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

// The default export of a component: `make(root, data)` promises the view that is drawn below `selector`.
export function opening(selector, make) {
  return ({ parentElement, data, setTriggerValue }) => {
    let view = VIEWS.get(parentElement);
    if (!view) VIEWS.set(parentElement, (view = new Opening(make(parentElement.querySelector(selector), data))));
    view.update(data, setTriggerValue);
    return () => {
      view.close();
      VIEWS.delete(parentElement);
    };
  };
}
