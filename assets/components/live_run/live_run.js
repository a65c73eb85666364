// The entry of the live view; what it does lies in assets/js, which the server gives out as modules.
//
// Streamlit calls the default export again at every rerun, so what lasts is kept per parent element.

const { LiveView } = await import(`${location.origin}/livetorch/js/live_view.js`);
const VIEWS = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".lt-live_run");
  let view = VIEWS.get(parentElement);
  if (!view) VIEWS.set(parentElement, (view = new LiveView(root)));
  view.update(data, setTriggerValue);
  return () => {
    view.close();
    VIEWS.delete(parentElement);
  };
}
