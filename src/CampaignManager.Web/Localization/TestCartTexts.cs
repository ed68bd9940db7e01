namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of testcart pages.</summary>
public sealed class TestCartTexts;
