using CampaignManager.Application.Experiments;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Engine.Experiments;

namespace CampaignManager.Application.Tests.FirstSteps;

/// <summary>What a past campaign is said to have done is no more than its interval allows.</summary>
public sealed class PastCampaignWordsTests
{
    [Theory]
    [InlineData(0.088, 0.01, 0.17, "ordered because of it", "因活动下单")]
    [InlineData(-0.05, -0.09, -0.01, "ordered because of it", "因活动下单")]
    [InlineData(0.088, -0.002, 0.177, "cannot be told from none", "不能确定有效果")]
    [InlineData(0, double.NaN, double.NaN, "too few ordered to tell", "看不出效果")]
    public void Campaign_Sound_ClaimsACauseOnlyWhereTheIntervalLeavesNoDoubt(double effect, double low, double high, string en, string zh)
    {
        var said = FirstStepsWords.Campaign(new PastCampaignReading(
            Guid.NewGuid(), "Spring", null, 14, 900, 100, 0.9, 0.5, 0.01, new DifferenceInterval(effect, 0.04, low, high, 100, 0.05), true, null));

        Assert.Contains(en, said.En, StringComparison.Ordinal);
        Assert.Contains(zh, said.Zh, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", said.En, StringComparison.Ordinal);
    }
}
