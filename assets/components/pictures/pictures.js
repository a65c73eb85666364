// The entry of the visitor's pictures; what it does lies in assets/js.

const SCRIPTS = `${location.origin}/livetorch/js`;
const [{ opening }, { PicturesView }] = await Promise.all([import(`${SCRIPTS}/opening.js`), import(`${SCRIPTS}/pictures.js`)]);

export default opening(".lt-pictures", async (root) => new PicturesView(root));
