using CampaignManager.Application.Audiences;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Engine.Planning;

namespace CampaignManager.Application.Tests.Audiences;

/// <summary>Carts, cells and samples ask the same of a customer, whatever each knows them by.</summary>
public sealed class AudienceAgreementTests
{
    private static readonly string[] Tastes = ["shoes", "tea"];

    public static TheoryData<Audience> Audiences =>
    [
        new Audience(),
        new Audience { AnyOf = ["new", "loyal"] },
        new Audience { AnyOf = ["favourite:tea"], NoneOf = ["lapsed"] },
        new Audience { AnyOf = ["loyal", "favourite:shoes"], CustomerKinds = ["returning"] },
        new Audience { AnyOf = ["uplift:top30"], NoneOf = ["uplift:negative", "uplift:top10"] },
        new Audience { NoneOf = ["favourite:shoes"], CustomerKinds = ["new"], Channels = ["app"] },
        new Audience { CustomerKinds = ["new", "returning"], Regions = ["east"] },
        new Audience { Channels = ["app", "web"], Regions = ["east", "west"] },
        new Audience { AnyOf = ["no-such-segment"] },
    ];

    [Theory]
    [MemberData(nameof(Audiences))]
    public void Matches_EveryKindOfCustomer_IsTheSameForCartsCellsAndSamples(Audience audience)
    {
        var customers = (
            from lifecycle in LifecycleRules.All
            from favourite in new[] { -1, 0, 1 }
            from uplift in Enumerable.Range(0, UpliftSegments.Combinations)
            from orders in new[] { 0, 3 }
            from place in new[] { ("app", "east"), ("web", "west"), ("store", "north") }
            select (lifecycle, favourite, uplift, orders, Channel: place.Item1, Region: place.Item2)).ToList();
        var nothing = new double[customers.Count];
        var sample = new AudienceSample
        {
            Categories = Tastes,
            Lifecycle = [.. customers.Select(c => (int)c.lifecycle)],
            Favourite = [.. customers.Select(c => c.favourite)],
            Affinity = new float[customers.Count * Tastes.Length],
            UsualBasket = nothing,
            DiscountShare = nothing,
            RecencyDays = nothing,
            Orders = [.. customers.Select(c => (double)c.orders)],
            Views30 = nothing,
            Carts30 = nothing,
            Uplift = [.. customers.Select(c => c.uplift)],
            Region = [.. customers.Select(c => c.Region)],
            Channel = [.. customers.Select(c => c.Channel)],
            Weight = 1,
        };
        var campaign = CompiledCampaigns.Of([new LiveCampaign("c", new CampaignRules { Offer = new AmountOff { Amount = 1 }, Audience = audience })]);
        var inside = 0;
        for (var i = 0; i < customers.Count; i++)
        {
            var (lifecycle, favourite, uplift, orders, channel, region) = customers[i];
            string? taste = favourite < 0 ? null : SegmentKeys.Favourite(Tastes[favourite]);
            var cell = audience.Matches(new AudienceCell(lifecycle.Key(), taste, region, channel, orders > 0, 1, Uplift: uplift));
            var cart = new Cart
            {
                Currency = "CNY",
                Segments = [lifecycle.Key(), .. taste is null ? [] : new[] { taste }, .. UpliftSegments.Of(uplift)],
                IsNew = orders == 0,
                Channel = channel,
                Region = region,
                Lines = [new CartLine { Id = "1", Sku = "S-1", Quantity = 1, UnitPrice = 250_00 }],
            };
            var quote = PromotionEngine.Quote(cart, campaign, Usage.None, QuoteSettings.Default, DateTime.UnixEpoch);
            Assert.Equal((cell, cell), (sample.Matches(i, audience), quote.Campaigns[0].Applied));
            inside += cell ? 1 : 0;
        }

        Assert.Equal(audience.AnyOf.Contains("no-such-segment"), inside == 0);
    }
}
