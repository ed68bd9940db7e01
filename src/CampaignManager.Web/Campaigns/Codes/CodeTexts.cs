namespace CampaignManager.Web.Campaigns.Codes;

/// <summary>Marks the texts of coupon codes.</summary>
public sealed class CodeTexts;
