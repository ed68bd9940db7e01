namespace CampaignManager.Web.Campaigns.Wizard;

/// <summary>Marks the texts of the campaign editor.</summary>
public sealed class WizardTexts;
