using System.Globalization;
using System.Text.Json;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CsCheck;
using static CampaignManager.Engine.Tests.Offers.Pricing.AnyOffer;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>What holds for every cart and every set of campaigns.</summary>
public sealed class PricingProperties
{
    private static readonly QuoteSettings ByPriority = new() { ConflictResolution = ConflictResolution.Priority };

    [Fact]
    public void Quote_Always_PartsAddUpAndNothingFallsBelowItsFloor() =>
        Gen.Select(AnyCart, Campaigns, Gen.Bool).Holds((cart, campaigns, priority) =>
        {
            var quote = cart.Quote(priority ? ByPriority : QuoteSettings.Default, campaigns);
            Assert.Equal(quote.DiscountTotal, quote.Lines.Sum(l => l.Discount));
            Assert.Equal(quote.GoodsTotal, quote.Lines.Sum(l => l.ListTotal));
            Assert.Equal(quote.Total, quote.Lines.Sum(l => l.Total) + quote.Shipping - quote.ShippingDiscount);
            Assert.InRange(quote.ShippingDiscount, 0, quote.Shipping);
            CartLine[] bought = [.. cart.Lines.Where(l => l.Selected)];
            Assert.Equal(cart.Lines.Where(l => !l.Selected).Select(l => l.Id), quote.Unselected.Select(l => l.Id));
            for (var i = 0; i < bought.Length; i++)
            {
                var (line, priced) = (bought[i], quote.Lines[i]);
                Assert.Equal(priced.Discount, priced.Discounts.Sum(d => d.Amount));
                Assert.True(priced.Discount == 0 || priced.Total >= line.MinUnitPrice * line.Quantity);
                Assert.All(priced.Discounts, d => Assert.Equal(d.Amount, d.UnitAmounts.Sum()));
                for (var u = 0; u < line.Quantity; u++)
                    Assert.InRange(priced.Discounts.Sum(d => d.UnitAmounts[u]), 0, line.UnitPrice);
            }

            foreach (var outcome in quote.Campaigns)
            {
                var campaign = campaigns.Single(c => c.Id == outcome.Id);
                var amount = quote.Lines.Sum(l => l.Discounts.Where(d => d.CampaignId == outcome.Id).Sum(d => d.Amount));
                Assert.Equal(campaign.Rules.Offer is FreeShipping ? quote.Applied.Contains(outcome.Id) ? outcome.Amount : 0 : amount, outcome.Amount);
                Assert.True(outcome.Amount <= outcome.Desired && (campaign.Rules.Limits.Budget is not { } budget || outcome.Amount <= budget * 100));
                Assert.Equal(outcome.Applied, outcome.Reason is null);
            }

            Assert.Equal(quote.Campaigns.Sum(c => c.Amount), quote.DiscountTotal + quote.ShippingDiscount);
        });

    [Fact]
    public void View_PricedOnce_ShowsEachReaderWhatAQuoteForThemWould() =>
        Gen.Select(AnyCart, Campaigns, Gen.Int[0, 5]).Holds((cart, campaigns, order) =>
        {
            // Every other campaign wants one of two codes; half of the customers are held out of some.
            LiveCampaign Mixed(LiveCampaign c, int i) => c with
            {
                HoldoutSalt = "s" + i.ToString(CultureInfo.InvariantCulture),
                HoldoutShare = i % 3 == 0 ? 0.5 : 0,
                Rules = i % 2 == 0 ? c.Rules : c.Rules with { Trigger = new Trigger { Code = i % 4 == 1 ? "ONE" : "TWO" } },
            };
            var compiled = CompiledCampaigns.Of([.. campaigns.Select(Mixed)]);
            cart = cart with { CustomerId = "c" + order.ToString(CultureInfo.InvariantCulture), Codes = ["one", "none"] };
            var at = new DateTime(2026, 11, 5, 4, 0, 0, DateTimeKind.Utc);
            Explain[] readers = order % 2 == 0 ? [Explain.Full, Explain.None, Explain.Shopper] : [Explain.Shopper, Explain.Full, Explain.None];
            using var priced = PromotionEngine.Price(cart, compiled, Usage.None, QuoteSettings.Default, at);
            foreach (var reader in readers)
            {
                var alone = PromotionEngine.Quote(cart, compiled, Usage.None, QuoteSettings.Default with { Explain = reader }, at);
                Assert.Equal(Text(alone), Text(priced.View(reader)));
                Assert.Equal(Text(alone with { NearMisses = [] }), Text(priced.View(reader, nearMisses: false)));
            }
        });

    [Fact]
    public void WhoseUsageMatters_OfTheOthers_AnyUsageGivesTheSameQuote() =>
        Gen.Select(AnyCart, Campaigns).Holds((cart, campaigns) =>
        {
            var compiled = CompiledCampaigns.Of(campaigns);
            var at = new DateTime(2026, 11, 5, 4, 0, 0, DateTimeKind.Utc);
            var matters = PromotionEngine.WhoseUsageMatters(cart, compiled, at);
            var nothingLeft = new CampaignUsage { BudgetLeft = 0, UsesLeft = 0, DayUsesLeft = 0 };
            string Quoted(IEnumerable<string> ids) =>
                Text(PromotionEngine.Quote(cart, compiled, new Usage(ids.ToDictionary(i => i, _ => nothingLeft)), QuoteSettings.Default, at));
            Assert.Equal(Quoted(campaigns.Select(c => c.Id).Where(c => matters.Contains(c) || campaigns.Single(k => k.Id == c).Rules.Limits.Budget is null)), Quoted(campaigns.Select(c => c.Id)));
        });

    [Fact]
    public void Quote_CampaignsInAnotherOrder_IsTheSame() =>
        Gen.Select(AnyCart, Campaigns, Gen.Int[0, 999]).Holds((cart, campaigns, shuffle) =>
        {
            var other = AnyOrder(campaigns, shuffle);
            Assert.Equal(Text(cart.Quote(campaigns)), Text(cart.Quote(other)));
        });

    [Fact]
    public void Quote_LinesInAnotherOrder_OneCampaignTakesTheSame() =>
        Gen.Select(CartWithoutFloors, Campaign, Gen.Int[0, 999]).Holds((cart, campaign, shuffle) =>
        {
            // Slots of different goods may need the very unit that a tie gives to the earlier line: that tie is named.
            var offer = campaign.Rules.Offer switch
            {
                BuyXGetY sets => sets with { Buy = sets.Buy with { Scope = null }, Get = sets.Get with { Scope = null } },
                Bundle bundle => bundle with { Items = [.. bundle.Items.Select(i => i with { Scope = null })] },
                var other => other,
            };
            campaign = campaign with { Id = "c", Rules = campaign.Rules with { Offer = offer } };
            Assert.Equal(cart.Quote(campaign).Total, Shuffled(cart, shuffle).Quote(campaign).Total);
        });

    [Fact]
    public void Quote_LinesInAnotherOrder_CampaignsOnEverythingTakeTheSame() =>
        Gen.Select(CartWithoutFloors, Gen.Select(OrderOffer, Gen.Int[0, 2], (o, p) => (o, p)).Array[1, 5], Gen.Int[0, 999]).Holds((cart, offers, shuffle) =>
        {
            var campaigns = offers.Select((o, i) => Priced.Campaign("c" + i, o.o, o.p)).ToArray();
            Assert.Equal(cart.Quote(campaigns).Total, Shuffled(cart, shuffle).Quote(campaigns).Total);
        });

    [Fact]
    public void Quote_BestForCustomer_IsTheCheapestChoiceThereIs() =>
        Gen.Select(AnyCart, Campaigns).Holds((cart, campaigns) =>
        {
            var together = cart.Quote([.. campaigns.Where(c => !c.Rules.Combining.Exclusive)]).Total;
            var alone = campaigns.Where(c => c.Rules.Combining.Exclusive).Select(c => cart.Quote(c).Total);
            Assert.Equal(alone.Append(together).Min(), cart.Quote(campaigns).Total);
        });

    [Fact]
    public void Quote_AnExclusiveCampaignMore_NeverRaisesTheTotal() =>
        Gen.Select(AnyCart, Campaigns, Campaign).Holds((cart, campaigns, more) =>
        {
            more = more with { Id = "more", Rules = more.Rules with { Combining = more.Rules.Combining with { Exclusive = true } } };
            Assert.True(cart.Quote([.. campaigns, more]).Total <= cart.Quote(campaigns).Total);
        });

    [Fact]
    public void Quote_LinesSplitIntoUnits_TotalIsTheSame() =>
        Gen.Select(CartWithoutFloors, Campaigns).Holds((cart, campaigns) =>
        {
            campaigns = [.. campaigns.Select(NothingByLine)];
            var units = cart with { Lines = [.. cart.Lines.SelectMany(l => Enumerable.Range(0, l.Quantity).Select(u => l with { Id = $"{l.Id}-{u}", Quantity = 1 }))] };
            var (whole, split) = (cart.Quote(campaigns), units.Quote(campaigns));
            Assert.Equal(whole.Total, split.Total);
            Assert.Equal(whole.Campaigns.Select(c => c.Amount), split.Campaigns.Select(c => c.Amount));
        });

    [Fact]
    public void Refund_OfEverythingInAnyOrder_PaysBackWhatGoodsCost() =>
        Gen.Select(AnyCart, Campaigns, Gen.Int[0, 999], Gen.Int[1, 3].Array[24]).Holds((cart, campaigns, shuffle, steps) =>
        {
            var order = new ConfirmedOrder(cart, cart.Quote(campaigns), campaigns);
            var units = cart.Lines.Where(l => l.Selected).SelectMany(l => Enumerable.Repeat(l.Id, l.Quantity)).ToList();
            units = [.. AnyOrder(units, shuffle)];
            long paid = 0;
            for (var (at, step) = (0, 0); at < units.Count; step++)
            {
                var some = units.Skip(at).Take(steps[step]).GroupBy(u => u).Select(g => (g.Key, g.Count())).ToArray();
                at += steps[step];
                var back = RefundTests.Pay(ref order, some);
                Assert.True(back >= 0);
                paid += back;
            }

            Assert.Equal(order.Quote.GoodsTotal - order.Quote.DiscountTotal, paid);
        });

    [Fact]
    public void Quote_AskedAgainWithLessToExplain_AgreesToTheUnit() =>
        Gen.Select(AnyCart, Campaigns, Campaigns).Holds((cart, campaigns, others) =>
        {
            var compiled = CompiledCampaigns.Of(campaigns);
            var asked = PromotionEngine.Quote(cart, compiled, Usage.None, QuoteSettings.Default, Priced.Noon);
            // Another quote in between: nothing of it may stay in the buffers.
            PromotionEngine.Quote(cart with { Lines = [.. cart.Lines.Take(2)] }, CompiledCampaigns.Of(others), Usage.None, ByPriority, Priced.Noon);
            var redeemed = PromotionEngine.Quote(cart, compiled, Usage.None, new QuoteSettings { Explain = Explain.None }, Priced.Noon);
            Assert.Equal(JsonSerializer.Serialize(asked.Lines), JsonSerializer.Serialize(redeemed.Lines));
            Assert.Equal((asked.Total, asked.ShippingDiscount), (redeemed.Total, redeemed.ShippingDiscount));
            Assert.Equal(asked.Campaigns.Where(c => c.Applied), redeemed.Campaigns);
        });

    [Fact]
    public void Quote_ReplayedFromStoredInputs_IsTheSame() =>
        Gen.Select(AnyCart, Campaigns).Holds((cart, campaigns) =>
        {
            var stored = JsonSerializer.Serialize(cart, RulesJson.Options);
            var rules = campaigns.Select(c => (c.Id, Json: RulesJson.Write(c.Rules))).ToList();
            var replayed = JsonSerializer.Deserialize<Cart>(stored, RulesJson.Options)!.Quote([.. rules.Select(r => new LiveCampaign(r.Id, RulesJson.Read(r.Json)))]);
            Assert.Equal(Text(cart.Quote(campaigns)), Text(replayed));
        });

    [Fact]
    public void Quote_OneDiscountOverTheOrder_IsSplitByLargestRemainder() =>
        Gen.Select(CartWithoutFloors, OrderOffer).Holds((cart, offer) =>
        {
            var quote = cart.Quote(Priced.Campaign("c", offer));
            long[] weights = [.. cart.Lines.Where(l => l.Selected).SelectMany(l => Enumerable.Repeat(l.UnitPrice, l.Quantity))];
            var expected = quote.DiscountTotal == 0 ? new long[weights.Length] : Allocation.Split(quote.DiscountTotal, weights);
            Assert.Equal(Math.Min(quote.Of("c").Desired, quote.Why("c") is null ? weights.Sum() : 0), quote.DiscountTotal);
            Assert.Equal(expected, quote.Lines.SelectMany((l, i) => l.Discounts.Count == 0 ? new long[l.Quantity] : l.Discounts[0].UnitAmounts));
        });

    // What looks at lines rather than units: units per line, lines already reduced, tax rounded by line.
    private static LiveCampaign NothingByLine(LiveCampaign campaign) => campaign with
    {
        Rules = campaign.Rules with
        {
            Offer = campaign.Rules.Offer switch
            {
                AmountOff amount => amount with { MaxUnits = null },
                FixedPrice price => price with { MaxUnits = null },
                var other => other,
            },
            Scope = campaign.Rules.Scope with { OnlyUndiscounted = false, ThresholdNetOfTax = false },
        },
    };

    private static Cart Shuffled(Cart cart, int shuffle) => cart with { Lines = AnyOrder(cart.Lines, shuffle) };

    private static T[] AnyOrder<T>(IEnumerable<T> items, int shuffle)
    {
        T[] all = [.. items];
        new Random(shuffle).Shuffle(all);
        return all;
    }

    private static string Text(Quote quote)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            QuoteJson.Write(writer, quote, CultureInfo.InvariantCulture);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
