// The in-memory part of the peer's computeActions: the rule check and getComputedActionsForItems for every promotion, on the carts of the file named.
// Commands come as lines: "totals" answers what comes off each cart, "run <seconds>" prices carts in turn for so long and answers the microseconds of each and of the processor.
const { readFileSync } = require('node:fs')
const { createInterface } = require('node:readline')
const Module = require('node:module')

// The framework's utils re-export @medusajs/utils; the framework itself (server, database, cli) is not needed to price a cart.
const resolve = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  return resolve.call(this, request === '@medusajs/framework/utils' ? '@medusajs/utils' : request, ...rest)
}
const { getComputedActionsForItems } = require('@medusajs/promotion/dist/utils/compute-actions/line-items.js')
const { areRulesValidForContext } = require('@medusajs/promotion/dist/utils/validations/promotion-rule.js')
const { transformPropertiesToBigNumber, isPresent } = require('@medusajs/utils')

const { promotions, carts } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const automatic = promotions.filter(p => p.is_automatic)

// As PromotionModuleService.computeActions does once the promotions are loaded; loading and preselecting them in the database is not counted.
function computeActions(cart) {
  const codes = new Set(cart.codes)
  const actions = []
  const applied = new Map()
  for (const promotion of codes.size === 0 ? automatic : promotions) {
    if (!promotion.is_automatic && !codes.has(promotion.code)) continue
    const method = promotion.application_method
    const currency = !isPresent(method.currency_code) || cart.context.currency_code === method.currency_code
    if (!areRulesValidForContext(promotion.rules, cart.context, 'order') || !currency) continue
    actions.push(...getComputedActionsForItems(promotion, cart.context.items, applied))
  }
  transformPropertiesToBigNumber(actions, { include: ['amount'] })
  return actions
}

const now = () => Number(process.hrtime.bigint()) / 1000

function run(seconds) {
  const times = []
  const before = process.cpuUsage()
  const end = now() + seconds * 1e6
  for (let i = 0; now() < end || i < carts.length; i++) {
    const from = now()
    computeActions(carts[i % carts.length])
    times.push(now() - from)
  }
  const used = process.cpuUsage(before)
  return { times: times.map(t => Math.round(t)), cpu: used.user + used.system }
}

const answer = value => process.stdout.write(JSON.stringify(value) + '\n')
createInterface({ input: process.stdin }).on('line', line => {
  const [command, argument] = line.split(' ')
  if (command === 'run') answer(run(Number(argument)))
  else if (command === 'totals') answer(carts.map(c => computeActions(c).reduce((sum, a) => sum + Number(a.amount), 0)))
  else process.exit(0)
})
answer('ready')
