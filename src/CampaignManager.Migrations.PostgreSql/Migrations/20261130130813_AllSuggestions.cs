using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CampaignManager.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class AllSuggestions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Kind",
                table: "CampaignSuggestions",
                type: "character varying(20)",
                maxLength: 20,
                nullable: false,
                defaultValue: "");

            // What a move is about stands in its JSON: of those made before this it is read from there.
            foreach (var kind in (string[])["WidenScope", "NarrowScope", "DropSegment", "AddSegment", "ChangeOffer"])
            {
                migrationBuilder.Sql($$"""
                    UPDATE "CampaignSuggestions" SET "Kind" = '{{kind}}'
                    WHERE "MoveJson" LIKE '%"kind":"{{char.ToLowerInvariant(kind[0])}}{{kind[1..]}}"%';
                    """);
            }

            migrationBuilder.CreateTable(
                name: "SearchedCampaigns",
                columns: table => new
                {
                    CampaignId = table.Column<Guid>(type: "uuid", nullable: false),
                    CampaignVersion = table.Column<int>(type: "integer", nullable: false),
                    ModelId = table.Column<Guid>(type: "uuid", nullable: false),
                    Origin = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Candidates = table.Column<int>(type: "integer", nullable: false),
                    Offered = table.Column<int>(type: "integer", nullable: false),
                    NearestJson = table.Column<string>(type: "text", nullable: true),
                    NearestDelta = table.Column<double>(type: "double precision", nullable: false),
                    DataNeeded = table.Column<double>(type: "double precision", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchedCampaigns", x => x.CampaignId);
                    table.ForeignKey(
                        name: "FK_SearchedCampaigns_Campaigns_CampaignId",
                        column: x => x.CampaignId,
                        principalTable: "Campaigns",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_CampaignSuggestions_State_Delta",
                table: "CampaignSuggestions",
                columns: new[] { "State", "Delta" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "SearchedCampaigns");

            migrationBuilder.DropIndex(
                name: "IX_CampaignSuggestions_State_Delta",
                table: "CampaignSuggestions");

            migrationBuilder.DropColumn(
                name: "Kind",
                table: "CampaignSuggestions");
        }
    }
}
