using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Tests.Offers.Pricing;
using CsCheck;

namespace CampaignManager.Engine.Tests.Audiences;

public sealed class AudienceMembershipTests
{
    private static readonly string[] Segments = ["loyal", "lapsed", "favourite:tea"];
    private static readonly string[] Places = ["app", "web"];

    private static readonly Gen<Customer> Customers = Gen.Select(
        Some(Segments), AnyOffer.AnyOf<bool?>(null, true, false), AnyOffer.AnyOf(null, "app", "web"), AnyOffer.AnyOf(null, "app", "web"),
        (segments, isNew, channel, region) => new Customer(segments, isNew, channel, region));

    private static readonly Gen<Audience> Audiences = Gen.Select(
        Some(Segments), Some(Segments), Some([AudienceMembership.New, AudienceMembership.Returning]), Some(Places), Some(Places),
        (any, none, kinds, channels, regions) => new Audience { AnyOf = any, NoneOf = none, CustomerKinds = kinds, Channels = channels, Regions = regions });

    public static TheoryData<Audience, bool> OfALoyalCustomerOfTheApp => new()
    {
        { new Audience(), true },
        { new Audience { AnyOf = ["lapsed", "loyal"] }, true },
        { new Audience { AnyOf = ["lapsed"] }, false },
        { new Audience { AnyOf = ["loyal"], NoneOf = ["favourite:tea"] }, false },
        { new Audience { CustomerKinds = ["returning"] }, true },
        { new Audience { CustomerKinds = ["new"] }, false },
        { new Audience { Channels = ["app", "web"] }, true },
        { new Audience { Channels = ["web"] }, false },
        { new Audience { Regions = ["east"] }, false },
    };

    [Theory]
    [MemberData(nameof(OfALoyalCustomerOfTheApp))]
    public void Matches_ALoyalCustomerOfTheApp_ByEachQuestion(Audience audience, bool expected) =>
        Assert.Equal(expected, audience.Matches(new Customer(["loyal", "favourite:tea"], false, "app", null)));

    [Fact]
    public void Matches_NobodyKnown_IsInNoNamedKindButInBoth()
    {
        var guest = new Customer([], null, null, null);
        Assert.False(new Audience { CustomerKinds = ["new"] }.Matches(guest));
        Assert.False(new Audience { CustomerKinds = ["returning"] }.Matches(guest));
        Assert.True(new Audience { CustomerKinds = ["new", "returning"] }.Matches(guest));
        Assert.True(new Audience { NoneOf = ["loyal"] }.Matches(guest));
    }

    [Fact]
    public void Matches_AnyAudienceAndCustomer_IsTheConjunctionOfItsQuestions() => Gen.Select(Audiences, Customers).Sample((audience, customer) =>
    {
        var parts = new[]
        {
            new Audience { AnyOf = audience.AnyOf }, new Audience { NoneOf = audience.NoneOf }, new Audience { CustomerKinds = audience.CustomerKinds },
            new Audience { Channels = audience.Channels }, new Audience { Regions = audience.Regions },
        };
        Assert.Equal(parts.All(p => p.Matches(customer)), audience.Matches(customer));
        Assert.Equal(parts[0].Matches(customer) && parts[1].Matches(customer), audience.MatchesSegments(customer));
    });

    // What an audience leaves out is all but those whom it would take in.
    [Fact]
    public void Matches_SegmentsLeftOut_AreTheOthersOfThoseTakenIn() => Gen.Select(Some(Segments), Customers).Sample((keys, customer) =>
    {
        if (keys.Length > 0)
            Assert.NotEqual(new Audience { AnyOf = keys }.Matches(customer), new Audience { NoneOf = keys }.Matches(customer));
    });

    private static Gen<string[]> Some(string[] of) => Gen.Int[0, (1 << of.Length) - 1].Select(bits => of.Where((_, i) => (bits >> i & 1) == 1).ToArray());

    public sealed record Customer(string[] Segments, bool? IsNew, string? Channel, string? Region) : IAudienceMember
    {
        public bool IsIn(string segment) => Segments.Contains(segment);
    }
}
