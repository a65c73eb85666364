// The pictures of a run, by their position in its set.

import { element } from "./dom.js";

export function photoAddress(feed, index) {
  const view = feed.view ? `?view=${encodeURIComponent(feed.view)}` : "";
  return `/api/runs/${feed.run}/pictures/${index}${view}`;
}

// An image that stays blank where its picture is gone.
export function photo() {
  const image = element("img", { alt: "", loading: "lazy", decoding: "async", draggable: "false" });
  image.onerror = () => (image.dataset.gone = "true");
  const show = (feed, index, alt) => {
    const address = photoAddress(feed, index);
    if (image.getAttribute("src") !== address) {
      delete image.dataset.gone;
      image.src = address;
    }
    if (image.alt !== alt) image.alt = alt;
  };
  return { image, show };
}

// One colour a class, of Okabe and Ito's, told apart by those who see red and green alike.
const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#A6A000", "#7F7F7F"];
export const classColour = (number) => COLOURS[number % COLOURS.length];
