namespace CampaignManager.Web.Campaigns.TestCarts;

/// <summary>Marks the texts of testcart pages.</summary>
public sealed class TestCartTexts;
