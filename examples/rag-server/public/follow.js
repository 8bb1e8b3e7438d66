/**
 * Keeps the end of the page in view while the reader is there, and leaves the page where it is once they scrolled up.
 * Tells the style sheet how high the form is, behind which nothing that is scrolled to may end.
 */
export function createFollower(form) {
  const page = document.scrollingElement;
  let isFollowing = true;
  const follow = () => {
    if (isFollowing) page.scrollTo({ top: page.scrollHeight, behavior: "instant" });
  };
  // Growth alone does not fire this: whoever is at the end stays a follower until they scroll.
  document.addEventListener("scroll", () => {
    isFollowing = page.scrollHeight - page.clientHeight - page.scrollTop <= 2;
  });
  new ResizeObserver(() => {
    page.style.setProperty("--form-height", `${form.offsetHeight}px`);
    follow();
  }).observe(form);
  return {
    /** To be called after the page grew. */
    follow,
    /** Goes to the end, wherever the reader was. */
    jump: () => {
      isFollowing = true;
      follow();
    },
  };
}
