using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CsCheck;
using static CampaignManager.Engine.Tests.Offers.Pricing.AnyOffer;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>The engine's sets beside exhaustive search and beside sets formed with lists, one after the other, the plain way.</summary>
public sealed class SetProperties
{
    /// <summary>Every unit costs something, so that it shows which ones are got.</summary>
    private static readonly Gen<Cart> PricedCart = CartWithoutFloors.Select(
        c => c with { Lines = [.. c.Lines.Select(l => l with { UnitPrice = Math.Max(1, l.UnitPrice) })] });

    private static readonly Gen<Cart> SmallCart = PricedCart.Where(c => c.Lines.Where(l => l.Selected).Sum(l => l.Quantity) <= 10);

    [Fact]
    public void Quote_BuyAndGet_FormsAsManySetsAsSearchFinds() =>
        Gen.Select(SmallCart, BuyGet).Holds((cart, offer) =>
        {
            var sets = (BuyXGetY)offer;
            sets = sets with { Get = sets.Get with { Percent = 100 } };
            Assert.Equal(MostSets(Units(cart), sets) * sets.Get.Quantity, Got(cart.Quote(Priced.Campaign("c", sets))));
        });

    [Fact]
    public void Quote_BuyAndGetWhereThePlainWayReachesAsMany_TakesTheSame() =>
        Gen.Select(SmallCart, BuyGet).Holds((cart, offer) =>
        {
            var sets = (BuyXGetY)offer;
            var free = Units(cart);
            var (times, got) = (0, 0m);
            for (; times < (sets.MaxTimes ?? int.MaxValue); times++)
            {
                var bought = free.Where(u => In(u, sets.Buy.Scope)).OrderByDescending(u => u.Price).ThenBy(u => u.At).Take(sets.Buy.Quantity).ToList();
                var rest = free.Except(bought).Where(u => In(u, sets.Get.Scope));
                var taken = (sets.Pick == UnitPick.Dearest ? rest.OrderByDescending(u => u.Price) : rest.OrderBy(u => u.Price)).ThenBy(u => u.At).Take(sets.Get.Quantity).ToList();
                if (bought.Count < sets.Buy.Quantity || taken.Count < sets.Get.Quantity)
                    break;
                got += taken.Sum(u => u.Price);
                free = [.. free.Except(bought).Except(taken)];
            }

            if (times != MostSets(Units(cart), sets))
                return;
            var off = (long)Math.Round(got * sets.Get.Percent / 100, MidpointRounding.AwayFromZero);
            Assert.Equal(off, cart.Quote(Priced.Campaign("c", offer)).DiscountTotal);
        });

    [Fact]
    public void Quote_BuyAndGetTwice_LeavesNoSetToTheSecond() =>
        Gen.Select(PricedCart, BuyGet).Holds((cart, offer) =>
        {
            var sets = (BuyXGetY)offer with { MaxTimes = null };
            var (one, same) = (Priced.Campaign("c", sets), Priced.Campaign("d", sets));
            var both = cart.Quote(one, same);
            // A campaign whose share rounds to nothing has no effect, and its units still serve the other: which then has none either.
            Assert.Equal(cart.Quote(one).DiscountTotal, both.DiscountTotal);
            Assert.DoesNotContain("d", both.Applied);
        });

    [Fact]
    public void Quote_Bundle_SavesWhatSearchFinds() =>
        Gen.Select(SmallCart, BundleOffer).Holds((cart, offer) =>
            Assert.Equal(MostSaved(Units(cart), (Bundle)offer), cart.Quote(Priced.Campaign("c", offer)).DiscountTotal));

    [Fact]
    public void Quote_Bundle_NeverSavesLessThanThePlainWay() =>
        Gen.Select(CartWithoutFloors, BundleOffer).Holds((cart, offer) =>
        {
            var bundle = (Bundle)offer;
            var free = Units(cart);
            long saved = 0;
            for (var times = 0; times < (bundle.MaxTimes ?? int.MaxValue); times++)
            {
                var (left, slots, sum, complete) = (free.ToList(), bundle.Items.ToList(), 0L, true);
                while (slots.Count > 0 && complete)
                {
                    var slot = slots.MinBy(s => left.Count(u => In(u, s.Scope)))!;
                    var taken = left.Where(u => In(u, slot.Scope)).OrderByDescending(u => u.Price).ThenBy(u => u.At).Take(slot.Quantity).ToList();
                    complete = taken.Count == slot.Quantity;
                    sum += taken.Sum(u => u.Price);
                    left = [.. left.Except(taken)];
                    slots.RemoveAt(slots.FindIndex(s => ReferenceEquals(s, slot)));
                }

                var price = (long)(bundle.Price * 100);
                if (!complete || sum <= price)
                    break;
                saved += sum - price;
                free = left;
            }

            Assert.InRange(cart.Quote(Priced.Campaign("c", offer)).DiscountTotal, saved, long.MaxValue);
        });

    [Fact]
    public void Quote_LinesInAnotherOrder_SetsSaveTheSame() =>
        Gen.Select(PricedCart, Gen.OneOf(BuyGet, BundleOffer), Gen.Int[0, 999]).Holds((cart, offer, shuffle) =>
        {
            var campaign = Priced.Campaign("c", offer);
            var shuffled = cart.Lines.Select((l, i) => (l, At: (i + 1) * (shuffle + 1) % 1009)).OrderBy(l => l.At).Select(l => l.l);
            var quote = cart.Quote(campaign);
            foreach (var lines in (IEnumerable<CartLine>[])[cart.Lines.Reverse(), shuffled])
            {
                var moved = (cart with { Lines = [.. lines] }).Quote(campaign);
                Assert.Equal((quote.DiscountTotal, quote.Why("c")), (moved.DiscountTotal, moved.Why("c")));
                // The same units serve; only a cent of rounding goes by the order of the lines.
                Assert.All(
                    quote.Lines,
                    l => Assert.InRange(moved.Lines.Single(m => m.Id == l.Id).Discount - l.Discount, -l.Quantity, l.Quantity));
            }
        });

    /// <summary>Units of one category are alike for this: all ways to share them out are tried.</summary>
    private static int MostSets(IReadOnlyList<AUnit> units, BuyXGetY sets)
    {
        HashSet<(int Bought, int Got)> ways = [(0, 0)];
        foreach (var alike in units.GroupBy(u => u.Category))
        {
            var (count, mayBuy, mayGet) = (alike.Count(), In(alike.First(), sets.Buy.Scope), In(alike.First(), sets.Get.Scope));
            ways = [.. from way in ways
                       from bought in Enumerable.Range(0, mayBuy ? count + 1 : 1)
                       from got in Enumerable.Range(0, mayGet ? count - bought + 1 : 1)
                       select (way.Bought + bought, way.Got + got)];
        }

        return Math.Min(sets.MaxTimes ?? int.MaxValue, ways.Max(w => Math.Min(w.Bought / sets.Buy.Quantity, w.Got / sets.Get.Quantity)));
    }

    /// <summary>Every unit in every slot or none, for every number of sets.</summary>
    private static long MostSaved(IReadOnlyList<AUnit> units, Bundle bundle)
    {
        long best = 0;
        var perSet = bundle.Items.Sum(i => i.Quantity);
        for (var k = 1; k <= Math.Min(bundle.MaxTimes ?? int.MaxValue, units.Count / perSet); k++)
        {
            var wanted = string.Join(',', bundle.Items.Select(i => i.Quantity * k));
            Dictionary<string, long> sums = new() { [string.Join(',', bundle.Items.Select(_ => 0))] = 0 };
            foreach (var unit in units)
            {
                foreach (var (filled, sum) in sums.ToList())
                {
                    for (var s = 0; s < bundle.Items.Count; s++)
                    {
                        var next = filled.Split(',').Select(int.Parse).ToArray();
                        if (!In(unit, bundle.Items[s].Scope) || next[s] == bundle.Items[s].Quantity * k)
                            continue;
                        next[s]++;
                        var key = string.Join(',', next);
                        sums[key] = Math.Max(sums.GetValueOrDefault(key, long.MinValue), sum + unit.Price);
                    }
                }
            }

            if (sums.TryGetValue(wanted, out var most))
                best = Math.Max(best, most - (k * (long)(bundle.Price * 100)));
        }

        return best;
    }

    private static int Got(Quote quote) => quote.Lines.SelectMany(l => l.Discounts).SelectMany(d => d.UnitAmounts).Count(a => a > 0);

    private static List<AUnit> Units(Cart cart) =>
        [.. cart.Lines.Where(l => l.Selected).SelectMany(l => Enumerable.Repeat(l, l.Quantity))
            .Select((l, i) => new AUnit(i, l.UnitPrice, l.Categories[0]))];

    private static bool In(AUnit unit, GoodsScope? scope) =>
        scope?.Include is not { } include || include.Categories.Any(c => unit.Category == c || unit.Category.StartsWith(c + "/", StringComparison.Ordinal));

    private sealed record AUnit(int At, long Price, string Category);
}
