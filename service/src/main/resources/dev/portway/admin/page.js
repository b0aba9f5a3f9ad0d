
(() => {
  const live = document.getElementById('live');
  let asking = false;

  const busy = () =>
    document.hidden ||
    !document.getSelection().isCollapsed ||
    document.querySelector('main').contains(document.activeElement);

  const take = (next, selector) =>
    document.querySelector(selector).replaceWith(next.querySelector(selector));

  const refresh = async () => {
    if (asking || busy()) return;
    asking = true;
    try {
      const answer = await fetch('/', { headers: { Accept: 'text/html' }, cache: 'no-store' });
      if (!answer.ok) throw new Error(String(answer.status));
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      ['main', '#about', 'link[rel=icon]'].forEach(selector => take(next, selector));
      document.title = next.title;
      document.body.classList.remove('stale');
      live.textContent = 'Live';
    } catch (e) {
      document.body.classList.add('stale');
      live.textContent = 'No answer from the proxy, trying again';
    } finally {
      asking = false;
    }
  };

  live.textContent = 'Live';
  setInterval(refresh, 2000);
  document.addEventListener('visibilitychange', refresh);
})();
