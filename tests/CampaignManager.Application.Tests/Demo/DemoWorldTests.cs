using CampaignManager.Application.Audiences;
using CampaignManager.Application.Demo;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Demo;

/// <summary>What the written truth of the shop promises, read off the truth itself.</summary>
public class DemoWorldTests
{
    private static readonly DateOnly End = new(2026, 7, 1);

    private static readonly CampaignRules Reference = new() { Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] } };

    private static DemoWorld World(int customers = 20_000, ResponseShape? shape = null) => new(new DemoOptions { Customers = customers }, End, shape);

    [Fact]
    public void Catalog_TwelveHundredProducts_AllDifferentAndPlausible()
    {
        var catalog = World(1_000).Catalog;

        Assert.Equal(1_200, catalog.Products.Count);
        Assert.Equal(12, catalog.Keys.Count);
        Assert.Equal(1_200, catalog.Products.Select(p => p.Sku).Distinct().Count());
        Assert.True(catalog.Products.Select(p => p.NameZh).Distinct().Count() == 1_200);
        Assert.All(catalog.Products, p => Assert.InRange(p.Price, 490, 250_000));
        Assert.InRange(catalog.Products.Count(p => p.UnitCost is null), 50, 150);
        Assert.All(catalog.Products.Where(p => p.UnitCost is not null), p => Assert.InRange(p.UnitCost!.Value, 1, p.Price - 1));
        Assert.All(catalog.Products, p => Assert.Contains(p.NameZh, c => c >= 0x4e00));
    }

    [Fact]
    public void Truth_StandardShop_HasTheBaselineAndSpreadAsked()
    {
        var truth = new DemoTruth(World());
        var rows = truth.For(Reference, baskets: 0);

        var segments = rows.Select((row, i) => (row, i)).SelectMany(x => new[]
        {
            (Segment: x.row.Lifecycle.Key(), x.row.Uplift),
            (Segment: "favourite " + Favourite(truth.Customers[x.i].Customer), x.row.Uplift),
        }).GroupBy(x => x.Segment).Select(g => g.Average(x => x.Uplift)).ToList();
        var mean = segments.Average();
        var spread = Math.Sqrt(segments.Sum(s => (s - mean) * (s - mean)) / (segments.Count - 1));

        Assert.Equal(17, segments.Count);
        Assert.InRange(rows.Average(r => r.P0), 0.075, 0.087);
        Assert.InRange(rows.Average(r => r.Uplift), 0.014, 0.023);
        Assert.InRange(spread, 0.013, 0.017);
        Assert.Contains(rows, r => r.Uplift < -0.01);
        Assert.InRange(rows.Count(r => r.Uplift == 0) / (double)rows.Length, 0.2, 0.4);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Truth_NewCustomersScopeWidened_PaysInTheStandardShopOnly(bool widenLoses, bool pays)
    {
        var truth = new DemoTruth(World(8_000, widenLoses ? ResponseShape.WideningLoses : ResponseShape.Standard));

        var narrow = Net(truth, "shoes");
        var wide = Net(truth, "shoes", "kitchen", "home");

        Assert.Equal(pays, wide > narrow);
        Assert.True(Math.Abs(wide - narrow) > 200, $"The difference {wide - narrow:f0} is too small to be found.");
    }

    [Fact]
    public void Truth_OrdersBroughtForward_FollowTheShareThatStocksUp()
    {
        double Ahead(double share)
        {
            var truth = new DemoTruth(World(2_000, ResponseShape.Standard with { Ahead = share }));
            return truth.For(Reference, baskets: 8).Zip(truth.Customers).Where(r => r.Second.Customer.Index % 2 == 0).Average(r => r.First.Ahead);
        }

        Assert.Equal(0, Ahead(0));
        var (some, all) = (Ahead(0.4), Ahead(1));
        // Who stocked up in the past has other states now, so the two are alike but for that.
        Assert.InRange(all / some, 2.2, 2.8);
        Assert.InRange(some, 0.001, 0.02);
    }

    [Fact]
    public void Truth_NoEffectShop_ChangesNobody()
    {
        var rows = new DemoTruth(World(2_000, ResponseShape.NoEffect)).For(Reference, baskets: 4);

        Assert.All(rows, r => Assert.Equal(r.P0, r.P1));
        Assert.All(rows, r => Assert.Equal(r.Margin0, r.Margin1, 9));
        Assert.All(rows, r => Assert.Equal(0, r.Ahead));
        Assert.Contains(rows, r => r.Discount > 0);
    }

    [Fact]
    public void Truth_DeeperAndNearerOffers_PullMore()
    {
        var truth = new DemoTruth(World(4_000));

        double Uplift(decimal spend, decimal off) => truth.For(new CampaignRules { Offer = new FullReduction { Tiers = [new SpendTier(spend, off)] } }, 0).Average(r => r.Uplift);

        Assert.True(Uplift(200, 40) > Uplift(200, 20));
        Assert.True(Uplift(100, 15) > Uplift(400, 60));
    }

    [Fact]
    public void Campaigns_WindowsOfTheSameCustomer_NeverMeet()
    {
        var world = World(1_000);
        var open = world.Campaigns.Where(c => c.Campaign.Audience.Length == 0).OrderBy(c => c.Start).ToList();

        Assert.Equal(10, world.Campaigns.Count(c => c.Campaign.IsPast));
        Assert.All(open.Zip(open.Skip(1)), pair => Assert.True(pair.First.Start + ResponseModel.WindowDays <= pair.Second.Start));
        Assert.True(world.Campaigns.Where(c => c.Campaign.IsPast).Max(c => c.OfferEnd) <= world.Calendar.Days - 15);
        var running = world.Campaigns.Where(c => !c.Campaign.IsPast).ToList();
        Assert.Empty(running[0].Campaign.Audience.Intersect(running[1].Campaign.Audience));
    }

    [Fact]
    public void Calendar_ShopDays_FollowTheSeason()
    {
        var calendar = new DemoCalendar(new DateOnly(2025, 1, 1), new DateOnly(2026, 7, 1), 15);

        double Busy(int year, int month, int day, int days) => calendar.Busy(Day(year, month, day), Day(year, month, day) + days) / days;
        double Day(int year, int month, int day) => new DateOnly(year, month, day).DayNumber - calendar.First.DayNumber;

        Assert.True(Busy(2025, 11, 11, 1) > 2 * Busy(2025, 10, 14, 1));
        Assert.True(Busy(2025, 6, 18, 1) > 1.8 * Busy(2025, 5, 14, 1));
        // Spring Festival 2026 is on 17 February.
        Assert.True(Busy(2026, 2, 16, 7) < 0.6 * Busy(2026, 3, 16, 7));
        Assert.Equal(Day(2025, 5, 5) + 0.25, calendar.After(Day(2025, 3, 1), calendar.Busy(Day(2025, 3, 1), Day(2025, 5, 5) + 0.25)), 6);
    }

    [Fact]
    public void Random_Draws_HaveTheirMoments()
    {
        var random = DemoRandom.For(1, 2, 3);
        const int N = 200_000;
        double gamma = 0, normal = 0, square = 0, exponential = 0, poisson = 0;
        for (var i = 0; i < N; i++)
        {
            gamma += random.Gamma(0.3);
            var z = random.Normal();
            (normal, square) = (normal + z, square + (z * z));
            exponential += random.Exponential();
            poisson += random.Poisson(1.3);
        }

        // Five standard errors: sd/√N is 0.0022 for variance 1, in proportion for the rest.
        Assert.Equal(0.3, gamma / N, 0.0062);
        Assert.Equal(0, normal / N, 0.0112);
        Assert.Equal(1, square / N, 0.0159);
        Assert.Equal(1, exponential / N, 0.0112);
        Assert.Equal(1.3, poisson / N, 0.0128);
    }

    private static int Favourite(DemoCustomer customer) => Array.IndexOf(customer.Affinity, customer.Affinity.Max());

    private static double Net(DemoTruth truth, params string[] categories) =>
        truth.For(Reference with { Scope = new Scope { Include = new ScopeSelector { Categories = categories } } })
            .Where(r => r.Lifecycle == Lifecycle.New).Sum(r => r.Net);
}
