// Says in words why a page stays empty. A plain script: it runs where modules do not, which is from a file and in an old browser.
addEventListener('load', () => {
  const page = document.documentElement
  const root = document.getElementById('root')
  if (page.hasAttribute('data-started') || !root) return
  const says =
    location.protocol === 'file:'
      ? [
          'This page cannot start from a file: browsers load its parts from a web server only.',
          'Serve the folder that it is in, for instance with "python3 -m http.server" run there, and open the address that is printed;',
          'or open lockstep.html instead, the same page made as one file ("npm run build:single").',
        ]
      : [
          'The program of this page could not be loaded, or this browser is too old for it: one of 2024 or later is needed.',
          'The site may just be changing: load the page again.',
        ]
  const words = document.createElement('p')
  words.setAttribute('role', 'alert')
  words.textContent = says.join(' ')
  root.appendChild(words)
  // What the page would show, as plain text.
  const text = document.querySelector('link[rel="alternate"][type="text/plain"]')
  if (!(text instanceof HTMLLinkElement)) return
  const link = document.createElement('a')
  link.href = text.href
  link.textContent = 'The same as plain text'
  root.appendChild(link)
})
