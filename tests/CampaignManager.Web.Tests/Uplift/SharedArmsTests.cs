using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Models;

namespace CampaignManager.Web.Tests.Uplift;

public sealed class SharedArmsTests
{
    [Fact]
    public void SharedArms_SameUnit_AreThoseOfBoth()
    {
        var (one, other) = (Of(UpliftOutcome.Binary, null, "none", "letter", "sms"), Of(UpliftOutcome.Binary, null, "letter", "none", "sms"));
        Assert.Equal(["sms"], ModelComparisons.SharedArms(one, other));
    }

    [Theory]
    [InlineData(UpliftOutcome.Money, "CNY", UpliftOutcome.Binary, null)]
    [InlineData(UpliftOutcome.Money, "CNY", UpliftOutcome.Money, "USD")]
    public void SharedArms_OtherUnits_AreNone(string kind, string? currency, string otherKind, string? otherCurrency) =>
        Assert.Empty(ModelComparisons.SharedArms(Of(kind, currency, "none", "letter"), Of(otherKind, otherCurrency, "none", "letter")));

    private static ModelManifest Of(string kind, string? currency, params string[] arms) => AManifest.Of(new UpliftOutcome("y", kind, currency), 0.4) with { Arms = arms };
}
