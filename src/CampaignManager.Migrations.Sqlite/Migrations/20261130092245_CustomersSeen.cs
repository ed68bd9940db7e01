using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CampaignManager.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class CustomersSeen : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_Redemptions_CustomerId_ReservedAt",
                table: "Redemptions",
                columns: new[] { "CustomerId", "ReservedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_CodeBatches_CustomerId",
                table: "CodeBatches",
                column: "CustomerId",
                filter: "\"CustomerId\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Redemptions_CustomerId_ReservedAt",
                table: "Redemptions");

            migrationBuilder.DropIndex(
                name: "IX_CodeBatches_CustomerId",
                table: "CodeBatches");
        }
    }
}
