// The entry of the live view; what it does lies in assets/js, which the server gives out as modules.

const SCRIPTS = `${location.origin}/livetorch/js`;
const [{ opening }, { LiveView }] = await Promise.all([import(`${SCRIPTS}/opening.js`), import(`${SCRIPTS}/live_view.js`)]);

export default opening(".lt-live_run", async (root, data) => new LiveView(root, await import(`${SCRIPTS}/family_${data.page}.js`)));
