using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Demo;

/// <summary>Everything that decides what the demo shop looks like: seed, size, end and shape. Equal worlds give equal shops, byte for byte.</summary>
internal sealed class DemoWorld
{
    /// <summary>What shipping costs where it is charged, minor units, and from which sum of goods it is free anyway.</summary>
    public const long ShippingFee = 1_000;
    public const long ShippingFreeFrom = 39_900;

    public DemoWorld(DemoOptions options, DateOnly end, ResponseShape? shape = null)
    {
        Seed = options.Seed;
        Customers = options.Customers;
        End = end;
        Calendar = new DemoCalendar(end.AddMonths(-options.Months), end, ResponseModel.WindowDays + ResponseModel.AheadDays + 1);
        Catalog = new DemoCatalog(Seed);
        Goods = [.. Catalog.Products.Select(p => DemoGoods.Of(Seed, p))];
        Response = new ResponseModel(shape ?? ResponseShape.Standard, Calendar, Catalog);
        Campaigns = [.. DemoCampaign.All.Select(c => new DemoWindow(c.WithIdentity(Seed), this))];
    }

    public long Seed { get; }

    public int Customers { get; }

    /// <summary>Orders of people that the shop does not know.</summary>
    public int Guests => Response.Shape.Clutter ? Customers * 17 / 100 : 0;

    /// <summary>The history ends at the first moment of this local day.</summary>
    public DateOnly End { get; }

    public DemoCalendar Calendar { get; }

    public DemoCatalog Catalog { get; }

    /// <summary>By product.</summary>
    public IReadOnlyList<DemoGoods> Goods { get; }

    /// <summary>UTC; from here goods cost what they cost now.</summary>
    public DateTime CostsRose => Calendar.Midnight(Calendar.Days - DemoGoods.CostsRoseBefore);

    public ResponseModel Response { get; }

    /// <summary>In the order of their starts.</summary>
    public IReadOnlyList<DemoWindow> Campaigns { get; }

    public DemoCustomer Customer(int index) => DemoCustomer.Draw(Seed, index, Calendar.Days, Response.Shape.OrderRate);
}

/// <summary>A campaign placed on the world's calendar.</summary>
internal sealed class DemoWindow(DemoCampaign campaign, DemoWorld world)
{
    public DemoCampaign Campaign { get; } = campaign;

    public double Start { get; } = world.Calendar.Days - campaign.StartsBefore;

    /// <summary>From here the offer is no longer granted.</summary>
    public double OfferEnd { get; } = world.Calendar.Days - campaign.StartsBefore + campaign.Duration;

    public bool[] Scope { get; } = OfferScope.Resolve(campaign.Rules(world.End).Scope, world.Catalog.Keys);

    public bool IsFor(DemoState state) =>
        (Campaign.Audience.Length == 0 || Campaign.Audience.Contains(state.Lifecycle)) && (!Campaign.ForMembers || state.Tier != DemoTier.Basic);

    public OfferTerms Terms(DemoCustomer customer) => OfferTerms.Of(Campaign.Offer, customer.Basket / 100, DemoWorld.ShippingFee / 100.0);
}
