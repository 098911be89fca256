// The editors of packages add sheets of style by script. Our Content-Security-Policy lets in those that bear the nonce of the page,
// which is also that of this script: each sheet made after it receives it.
const { nonce } = document.currentScript
const create = document.createElement.bind(document)
document.createElement = (name, options) => {
  const element = create(name, options)
  if (String(name).toLowerCase() === "style") element.nonce = nonce
  return element
}
