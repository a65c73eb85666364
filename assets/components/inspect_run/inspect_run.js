// The entry of the pages that look inside a network; what it does lies in assets/js.

const SCRIPTS = `${location.origin}/livetorch/js`;
const [{ opening }, { InspectView }] = await Promise.all([import(`${SCRIPTS}/opening.js`), import(`${SCRIPTS}/inspect_view.js`)]);

export default opening(".lt-inspect_run", async (root, data) => new InspectView(root, (await import(`${SCRIPTS}/inspect_${data.inspect}.js`)).View));
