/**
 * Scrolls to the end of the page as it grows, until the reader scrolls up. Also reports the form's height to
 * the style sheet, so that nothing stays hidden behind the form.
 */
export function createFollower(form) {
  const page = document.scrollingElement;
  let isFollowing = true;
  const follow = () => {
    if (isFollowing) page.scrollTo({ top: page.scrollHeight, behavior: "instant" });
  };
  // Growth alone fires no scroll event, so only the reader changes this state.
  document.addEventListener("scroll", () => {
    isFollowing = page.scrollHeight - page.clientHeight - page.scrollTop <= 2;
  });
  new ResizeObserver(() => {
    page.style.setProperty("--form-height", `${form.offsetHeight}px`);
    follow();
  }).observe(form);
  return {
    /** Call it after the page grew. */
    follow,
    /** Scrolls to the end from any position. */
    jump: () => {
      isFollowing = true;
      follow();
    },
  };
}
