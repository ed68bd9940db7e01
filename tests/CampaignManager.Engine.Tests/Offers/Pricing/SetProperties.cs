using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CsCheck;
using static CampaignManager.Engine.Tests.Offers.Pricing.AnyOffer;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>The engine's sets against sets formed with lists, the plain way.</summary>
public sealed class SetProperties
{
    [Fact]
    public void Quote_BuyAndGet_FormsTheSetsOfThePlainWay() =>
        Gen.Select(CartWithoutFloors, BuyGet).Holds((cart, offer) =>
        {
            var sets = (BuyXGetY)offer;
            var free = Units(cart);
            decimal got = 0;
            for (var times = 0; times < (sets.MaxTimes ?? int.MaxValue); times++)
            {
                var bought = free.Where(u => In(u, sets.Buy.Scope)).OrderByDescending(u => u.Price).ThenBy(u => u.At).Take(sets.Buy.Quantity).ToList();
                var rest = free.Except(bought).Where(u => In(u, sets.Get.Scope));
                var taken = (sets.Pick == UnitPick.Dearest ? rest.OrderByDescending(u => u.Price) : rest.OrderBy(u => u.Price)).ThenBy(u => u.At).Take(sets.Get.Quantity).ToList();
                if (bought.Count < sets.Buy.Quantity || taken.Count < sets.Get.Quantity)
                    break;
                got += taken.Sum(u => u.Price);
                free = [.. free.Except(bought).Except(taken)];
            }

            Assert.Equal((long)Math.Round(got * sets.Get.Percent / 100, MidpointRounding.AwayFromZero), cart.Quote(Priced.Campaign("c", offer)).DiscountTotal);
        });

    [Fact]
    public void Quote_Bundle_FormsTheSetsOfThePlainWay() =>
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

            Assert.Equal(saved, cart.Quote(Priced.Campaign("c", offer)).DiscountTotal);
        });

    private static List<(int At, long Price, string Category)> Units(Cart cart) =>
        [.. cart.Lines.Where(l => l.Selected).SelectMany(l => Enumerable.Repeat(l, l.Quantity)).Select((l, i) => (i, l.UnitPrice, l.Categories[0]))];

    private static bool In((int At, long Price, string Category) unit, GoodsScope? scope) =>
        scope?.Include is not { } include || include.Categories.Any(c => unit.Category == c || unit.Category.StartsWith(c + "/", StringComparison.Ordinal));
}
