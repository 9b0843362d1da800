// A figure out of the window, or on another tab, is painted once it comes into view.
const breakevenWhenSeen = (plot) => {
  const {top, bottom} = plot.el.getBoundingClientRect();
  let seen = top < innerHeight && bottom > 0 && getComputedStyle(plot.el).visibility === "visible";
  let due = false;
  const paint = plot.repaint.bind(plot);
  plot.repaint = () => { if (seen) paint(); else due = true; };
  new IntersectionObserver((changes) => {
    seen = changes.at(-1).isIntersecting;
    if (seen && due) {
      due = false;
      paint();
    }
  }).observe(plot.el);
};
